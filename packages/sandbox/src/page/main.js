import { html, render } from "htm/preact";
import { connect } from "./api.js";
import { App } from "./app.js";

connect();
render(html`<${App} />`, document.body);
