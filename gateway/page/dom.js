// The only ways in which this page makes elements: text never becomes markup.

export const byId = (id) => document.getElementById(id);

// element('td', {class: 'number'}, 'text', anotherElement)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Sets text only where it changed, so that nothing is announced or redrawn twice.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Runs `draw` before the next frame, once however often it is asked for.
export function oncePerFrame(draw) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
}
