// Node's own WebSocket as a viewer of webtee.v1: prints what it sees as lines of JSON.
//
//   node watch.js URL UNTIL
//
// It leaves once it has the record UNTIL; without UNTIL it stays until it is closed. The decoder
// is the one in docs/protocol.md.

const [url, until] = process.argv.slice(2);

function record(buffer) {
  const view = new DataView(buffer);
  return {
    kind: view.getUint8(0),
    seq: Number(view.getBigUint64(8, true)),
    offset: Number(view.getBigUint64(16, true)),
    line: Number(view.getBigUint64(24, true)),
    time: Number(view.getBigUint64(32, true)) / 1000,
    payload: new Uint8Array(buffer, 40, view.getUint32(4, true)),
  };
}

const socket = new WebSocket(url, "webtee.v1");
socket.binaryType = "arraybuffer";
socket.onmessage = ({ data }) => {
  if (typeof data === "string") {
    console.log(data);
    return;
  }
  const { kind, seq, payload } = record(data);
  console.log(JSON.stringify({ kind, seq, payload: Buffer.from(payload).toString("base64") }));
  if (seq === Number(until)) socket.close();
};
socket.onclose = ({ code, reason }) => console.log(JSON.stringify({ code, reason }));
