// Tells the score sheet in the other window that its person is signed in again.
try {
  localStorage.setItem("saima.signed_in", String(Date.now()));
} catch {
  // The sheet has a button of its own.
}
