// Sends the page's own form for another date, from inside the page, and hands back what the site answers.
const [day, milliseconds, done] = arguments;

async function ask() {
  const form = document.getElementById("form1");
  if (!form) return { problem: "the loaded page has no form#form1" };
  const fields = new URLSearchParams(new FormData(form));
  fields.set("txtShareholdingDate", day);
  // The current page has a link that names itself in __EVENTTARGET, the page of 2018 a submit button.
  const button = form.elements.namedItem("btnSearch");
  if (button) fields.set("btnSearch", button.value);
  else fields.set("__EVENTTARGET", "btnSearch");
  const answer = await fetch(form.action, {
    method: "POST",
    body: fields,
    signal: AbortSignal.timeout(milliseconds),
  });
  return { status: answer.status, text: await answer.text() };
}

ask().then(done, (error) => done({ problem: String(error) }));
