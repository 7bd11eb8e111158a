// Puts a date into the page's form and presses its button. Hands back what is missing, or null.
const [day] = arguments;

const field = document.getElementById("txtShareholdingDate");
if (!field) return "no input#txtShareholdingDate";
const button = document.getElementById("btnSearch");
if (!button) return "no #btnSearch";
field.value = day;
// By script: a banner may lie over the button.
button.click();
return null;
