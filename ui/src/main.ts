// The page's entry: everything hangs off <webtee-app>, which index.html holds. What starts the worker comes first.
import "./components/own.ts";
import "./components/webtee-app.ts";
