// Fetches from inside the page: with a day the page's own form for that day, else the address alone.
// Hands back the answer, or null if it has not come after `patience` milliseconds: then it is called again,
// with the same number and no request, until the answer is there. An answer of more than `largest` bytes, or
// `largestPacked` once it is packed, is not taken in.
const [number, request, patience, largest, largestPacked] = arguments;

function submitted(day) {
  const form = document.getElementById("form1");
  if (!form) throw new Error("the loaded page has no form#form1");
  const body = new URLSearchParams(new FormData(form));
  body.set("txtShareholdingDate", day);
  // The current page has a link that names itself in __EVENTTARGET, the page of 2018 a submit button.
  const button = form.elements.namedItem("btnSearch");
  if (button) body.set("btnSearch", button.value);
  else body.set("__EVENTTARGET", "btnSearch");
  return [form.action, { method: "POST", body }];
}

// The list is 1.3 MB of text, of which 40 kB are left: it is the way to the driver that takes its time.
async function packed(answer) {
  let left = largest;
  const counted = new TransformStream({
    transform(part, next) {
      left -= part.byteLength;
      if (left < 0) throw new RangeError("too large");
      next.enqueue(part);
    },
  });
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => Object.assign(reader, { onload: resolve, onerror: reject }));
  try {
    const body = (answer.body ?? new Blob().stream()).pipeThrough(counted);
    const zipped = body.pipeThrough(new CompressionStream("deflate-raw"));
    reader.readAsDataURL(await new Response(zipped).blob());
    await read;
    const text = reader.result.split(",")[1];
    return text.length > largestPacked ? { large: true } : { status: answer.status, packed: text };
  } catch (error) {
    return left < 0 ? { large: true } : { broken: String(error) };
  }
}

async function exchange({ day, url }) {
  let answer;
  try {
    const request = day ? submitted(day) : [url];
    // Another host's answer would be no list, wherever the page's form sends us.
    if (new URL(request[0], location.href).host !== location.host) return { url: request[0] };
    answer = await fetch(...request);
  } catch (error) {
    return { closed: String(error) };
  }
  return { url: answer.url, ...(await packed(answer)) };
}

if (request) window.southboundAsked = { number, answer: exchange(request) };
const asked = window.southboundAsked;
if (asked?.number !== number) return null;
return Promise.race([asked.answer, new Promise((resolve) => setTimeout(resolve, patience, null))]);
