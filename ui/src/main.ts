// The page's entry: everything hangs off <webtee-app>, which index.html holds. The worker comes first, as it cannot start
// while this thread is busy with the components; and not at any price.
import { started } from "./components/own.ts";

const PATIENCE = 150;

const impatient = new Promise((resolve) => setTimeout(resolve, PATIENCE));
void Promise.race([started.catch(() => undefined), impatient]).then(() => import("./components/webtee-app.ts"));
