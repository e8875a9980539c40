// The index: search.h of kyodo's source.

// As in search_term.c.
const W = "[々-〇ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ㐀-䶿一-鿿\uf900-\ufaff\u{20000}-\u{3ffff}]";
const L = `(?:(?!${W})[\\p{L}\\p{M}\\p{N}])`;
const WIDE = new RegExp(W, "u");
const LETTER = new RegExp(L, "u");
const RUNS = new RegExp(`${W}+|${L}+`, "gu");

// at[i]: where the folded unit i comes from.
export function fold(text) {
	let folded = "";
	const at = [];
	for (const { 0: c, index } of text.matchAll(/.[\p{M}\u1160-\u11ff\uff9e\uff9f]*/gsu)) {
		folded += c.length < 2 && (c < "\x80" || WIDE.test(c)) ? c.toLowerCase()
			: c.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").replace(/\p{DI}/gu, "");
		while (at.length < folded.length) at.push(index);
	}
	at.push(text.length);
	return { folded, at };
}

// Singular and plural.
function forms(word) {
	const stem = word.replace(/^([a-z]*[^aeiou])(y|ies)$/, "$1");
	if (stem !== word) return [stem + "y", stem + "ies"];
	return [word.replace(/(ss|x|ch|sh)es$/, "$1").replace(/([a-z][^siu])s$/, "$1")];
}

// Needles, of which a text has one; terms that it has, too.
function parse(part) {
	let needles = [part];
	const wants = [];
	const runs = [...part.matchAll(RUNS)];
	for (const { 0: run, index } of runs) {
		const c = [...run];
		if (WIDE.test(run)) {
			c.slice(0, Math.min(5, c.length - 1) || 1)
				.forEach((_, i) => wants.push({ terms: [c.slice(i, i + 2).join("")] }));
		} else {
			const open = index + run.length === part.length;
			const words = open ? forms(run) : [run];
			if (open) needles = words.map((word) => part.slice(0, index) + word);
			wants.push({ open, terms: words.map((word) => [...word].slice(0, 16).join("")) });
		}
	}
	const exact = runs[0]?.[0] === part && part.length < (WIDE.test(part) ? 3 : 16);
	return { needles, wants, exact };
}

// [start, end] of the first needle; a letter begins a word.
function find(folded, needles, from = 0) {
	let best;
	for (const needle of needles) {
		let at = folded.indexOf(needle, from);
		while (at > 0 && LETTER.test(needle[0]) && LETTER.test(folded[at - 1])) {
			at = folded.indexOf(needle, at + 1);
		}
		if (at >= 0 && !(best?.[0] <= at)) best = [at, at + needle.length];
	}
	return best;
}

export async function open(address, read) {
	const files = {};
	const get = (name) => (files[name] ??= read(address.replace(/[^/]*$/, name)));
	return { get, ...(await read(address)) };
}

const hash = (hashes, i) => hashes.slice(i * 10, i * 10 + 10);

// [address, about, title, summary, headings, body]
async function textOf({ get, sections, perBook, books }, n) {
	const [first, size, group] = sections.filter((section) => section[0] <= n).pop();
	const number = group + Math.floor((n - first) / size);
	const texts = await get(`${hash(books, Math.floor(number / perBook))}/${number}.json`);
	return texts[(n - first) % size];
}

export function search(index, query, allows = () => true) {
	const { documents: size, terms, shards, get } = index;
	const all = fold(query.trim()).folded;
	const parts = all.split(/\s+/).map(parse).filter((part) => part.wants[0]);
	const wants = parts.flatMap((part) => part.wants);
	const known = new Map(); // key 9: no hit
	const shown = new Set();
	const tiers = new Uint8Array(size); // 1 + the worst of all terms
	for (const want of wants) {
		want.found = new Uint8Array(size);
		want.waiting = [...terms.keys()].filter((i) => want.terms.some((term) =>
			!(terms[i + 1] <= term) && (terms[i] <= term || (want.open && terms[i].startsWith(term)))));
	}
	const isRead = () => !wants.some((want) => want.waiting.length);
	const collect = async ({ open, found, terms }, i) => {
		const shard = await get(`${i}.${hash(shards, i)}.json`);
		for (const term in shard) {
			if (!terms.some((one) => (open ? term.startsWith(one) : term === one))) continue;
			let n = -1;
			for (const value of shard[term]) {
				n += value >> 2;
				found[n] = Math.min(found[n] || 9, 1 + (value & 3));
			}
		}
	};
	const load = async () => {
		await Promise.all(wants.flatMap((want) =>
			want.waiting.splice(0, 2).map((i) => collect(want, i))));
		tiers.fill(wants.length ? 1 : 0);
		for (const { found } of wants) {
			for (let n = 0; n < size; n++) tiers[n] = found[n] && tiers[n] && Math.max(found[n], tiers[n]);
		}
	};
	// Less is better: the tier, then whether the query stands there.
	const keyOf = (n) => known.get(n)?.key ?? (tiers[n] - 1) * 2;
	const isHit = (n) => tiers[n] && keyOf(n) < 9;
	const best = (count) => {
		const lists = [[], [], [], [], [], [], [], []];
		for (let n = size - 1; n >= 0; n--) {
			if (isHit(n) && allows(n) && !shown.has(n)) lists[keyOf(n)].push(n);
		}
		return lists.flat().slice(0, count);
	};
	const verify = async (n) => {
		const text = await textOf(index, n);
		const folded = text.slice(2).map((field) => fold(field).folded);
		const where = parts.map(({ needles }) => folded.findIndex((field) => find(field, needles)));
		const isWhole = !parts[1] || folded.some((field) => find(field, [all]));
		known.set(n, { text, key: where.includes(-1) ? 9 : Math.max(...where) * 2 + !isWhole });
	};
	return {
		needles: parts.flatMap((part) => part.needles),
		hits: () => [...tiers.keys()].filter(isHit),
		isDone: () => isRead() && !best(1).length,
		// At least, at most.
		count() {
			const hits = this.hits().filter(allows);
			const exact = parts.every((part) => part.exact);
			return [hits.filter((n) => exact || known.has(n)).length, isRead() ? hits.length : size];
		},
		// The next texts; fewer when many candidates are no hits.
		async next(count) {
			const texts = [];
			let [reads, loads] = [count + 4, 3];
			while (texts.length < count) {
				const list = best(count - texts.length);
				const unread = list.filter((n) => !known.has(n));
				if (unread.length && (reads -= unread.length) >= 0) {
					await Promise.all(unread.map(verify));
				} else if (unread.length < list.length) {
					list.forEach((n) => known.has(n) && shown.add(n) && texts.push(known.get(n).text));
				} else if (list.length || isRead() || loads-- < 1) {
					break;
				} else {
					await load();
				}
			}
			return texts;
		},
	};
}

// A text with marks; of a long one, around the first.
function show(element, text, needles) {
	const { folded, at } = fold(text);
	let hit = find(folded, needles);
	const isLong = hit && text.length > 300;
	let done = isLong ? Math.max(0, at[hit[0]] - 40) : 0;
	const end = isLong ? done + 160 : text.length;
	if (done) element.append("… ");
	for (; hit && at[hit[1]] <= end; hit = find(folded, needles, hit[1])) {
		const mark = document.createElement("mark");
		mark.append(text.slice(at[hit[0]], at[hit[1]]));
		element.append(text.slice(done, at[hit[0]]), mark);
		done = at[hit[1]];
	}
	element.append(text.slice(done, end), end < text.length ? " …" : "");
}

function start() {
	const [page, input, found, narrow, hits, more] =
		"results find found narrow hits more".split(" ").map((id) => document.getElementById(id));
	const { form } = input;
	const selects = [...narrow.querySelectorAll("select")];
	const say = page.dataset;
	let index, facets, run, timer;

	const has = ({ name }, n, i) => facets[name].sets[facets[name].cases[n - facets.first]]?.includes(i);
	const allows = (n, but) => selects.every((select) =>
		select === but || !select.selectedIndex || has(select, n, select.selectedIndex - 1));
	const draw = async () => {
		const own = run;
		const texts = await own.next(10);
		if (own !== run) return;
		for (const [address, about, title, summary, , body] of texts) {
			const card = document.createElement("li");
			card.className = "card";
			card.innerHTML = "<h3><a></a></h3><p class=meta></p><p class=summary></p>";
			const [link, meta, context] = card.querySelectorAll("a, p");
			link.href = say.root + address;
			meta.append(about);
			show(link, title, own.needles);
			const lines = [summary, ...body.split("\n")]
				.filter((line) => find(fold(line).folded, own.needles));
			const line = lines.find((line) => line.length > 20) ?? (summary || lines[0]);
			show(context, line ?? "", own.needles);
			hits.append(card);
		}
		const [least, most] = run.count();
		const [one, many = one] = (!most ? say.none : least < most ? say.some : say.found).split("|");
		found.textContent = (most === 1 ? one : many).replace("{0}", least).replace("{1}", most);
		more.hidden = run.isDone();
		narrow.hidden = !most && !narrow.open;
		// What each code would leave.
		for (const select of narrow.open ? selects : []) {
			const left = run.hits().filter((n) => allows(n, select));
			[...select.options].slice(1).forEach((option, i) => {
				const count = left.filter((n) => has(select, n, i)).length;
				option.label = `${option.text} (${count})`;
				option.disabled = !count;
			});
		}
	};
	const begin = async () => {
		const asked = String(new URLSearchParams([...new FormData(form)].filter((pair) => pair[1])));
		history.replaceState(null, "", asked ? "?" + asked : location.pathname);
		for (const link of document.querySelectorAll("a[hreflang]")) link.search = asked;
		page.hidden = !input.value.trim();
		found.textContent = "";
		if (page.hidden) return;
		try {
			index ??= await open(say.index, async (address) => (await fetch(address)).json());
			if (narrow.open || asked.includes("&")) facets ??= await index.get(index.facets);
			run = search(index, input.value, allows);
			hits.replaceChildren();
			await draw();
		} catch {
			found.textContent = say.failed;
		}
	};
	const soon = (event) => {
		clearTimeout(timer);
		if (!event.isComposing) timer = setTimeout(begin, 250);
	};
	for (const [name, value] of new URLSearchParams(location.search)) {
		if (form.elements[name]) form.elements[name].value = value;
	}
	document.oninput = soon;
	document.addEventListener("compositionend", soon);
	narrow.ontoggle = begin;
	more.onclick = draw;
	form.onsubmit = (event) => {
		event.preventDefault();
		begin();
	};
	narrow.open = /&/.test(location.search);
	if (!narrow.open) begin();
}

if (globalThis.document) start();
