// Binary traits as bytes: JupyterLab hands them over as a DataView, other front ends as a buffer, a typed array, or,
// with the first state of a widget, not at all.

function bytesOf(value) {
  if (!value) return new Uint8Array(0);
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
}

// float32 numbers; copied, since they need not lie on a boundary of four bytes.
function numbersOf(value) {
  return new Float32Array(bytesOf(value).slice().buffer);
}
