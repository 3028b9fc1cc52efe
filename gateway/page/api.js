// The node's public look-ups.

// An error has the answer's `status`.
export async function getJson(path) {
  const response = await fetch(path);
  if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), {status: response.status});
  return response.json();
}

// All of a list, page by page, at most `most`; `complete` says whether it was all.
export async function getAll(path, name, most) {
  const found = [];
  let token = '';
  do {
    const more = token && `&page_token=${encodeURIComponent(token)}`;
    const page = await getJson(`${path}${path.includes('?') ? '&' : '?'}page_size=200${more}`);
    found.push(...page[name]);
    token = page.next_page_token;
  } while (token && found.length < most);
  return {found, complete: !token};
}
