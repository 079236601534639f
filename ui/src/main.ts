// The page's entry: everything hangs off <webtee-app>, which index.html holds.
import "./components/webtee-app.ts";
