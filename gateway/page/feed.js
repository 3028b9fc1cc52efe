// The feed's WebSocket: keeps subscriptions over reconnects and checks sequence numbers.

const firstDelay = 500;
const longestDelay = 15000;

export class Feed {
  // onState('connecting' | 'open' | 'waiting', seconds)
  constructor(url, onState) {
    this.url = url;
    this.onState = onState;
    this.topics = new Map();  // key -> {channel, instrument, handler, seq}
    this.delay = firstDelay;
    this.connect();
    addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.hurry();
    });
  }

  // `handler(message)` gets a snapshot first, then every update; a new snapshot replaces all.
  subscribe(channel, instrument, handler) {
    const key = `${channel} ${instrument}`;
    if (this.topics.has(key)) return;
    this.topics.set(key, {channel, instrument, handler, seq: null});
    this.send({op: 'subscribe', channel, instrument});
  }

  unsubscribe(channel, instrument) {
    if (this.topics.delete(`${channel} ${instrument}`)) {
      this.send({op: 'unsubscribe', channel, instrument});
    }
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  connect() {
    clearTimeout(this.timer);
    this.onState('connecting');
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.delay = firstDelay;
      this.onState('open');
      for (const topic of this.topics.values()) {
        topic.seq = null;
        this.send({op: 'subscribe', channel: topic.channel, instrument: topic.instrument});
      }
    };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      const wait = this.delay * (0.75 + Math.random() / 2);
      this.delay = Math.min(this.delay * 2, longestDelay);
      this.onState('waiting', Math.ceil(wait / 1000));
      this.timer = setTimeout(() => this.connect(), wait);
    };
  }

  // Tries again now instead of at the end of the delay.
  hurry() {
    if (this.socket.readyState === WebSocket.CLOSED) this.connect();
  }

  take(message) {
    if (message.type === 'error') {
      console.warn('feed:', message.code, message.field, message.rule);
      return;
    }
    const topic = this.topics.get(`${message.channel} ${message.instrument}`);
    if (!topic) return;  // just unsubscribed
    if (message.type === 'update') {
      if (topic.seq === null) return;  // the snapshot is on its way
      if (message.seq !== topic.seq + 1) {
        topic.seq = null;
        this.send({op: 'unsubscribe', channel: topic.channel, instrument: topic.instrument});
        this.send({op: 'subscribe', channel: topic.channel, instrument: topic.instrument});
        return;
      }
    } else if (message.type !== 'snapshot') {
      return;
    }
    topic.seq = message.seq;
    topic.handler(message);
  }
}
