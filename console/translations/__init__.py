"""The pages in English: `console.po` is the text, `console.mo` the same for the machine (`make translations`)."""
