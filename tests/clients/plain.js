// The whole of a plain viewer: everything that arrives is text to be shown.

const socket = new WebSocket(process.argv[2]);
socket.onmessage = (event) => process.stdout.write(event.data);
socket.onclose = ({ code }) => process.stdout.write(`closed with ${code}\n`);
