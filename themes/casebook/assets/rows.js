// All rows of a dataset, to sort, to filter and to take away. The page shows the first rows without
// it; it reads the dataset's JSON when it is asked to, and asks nothing of anybody else.

const text = (value) => (Array.isArray(value) ? value.join(";") : String(value ?? ""));

/** A record by RFC 4180. */
export function csvLine(cells) {
	return cells.map((cell) =>
		/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell).join(",") + "\r\n";
}

/** Rows by one column; empty cells stand last whichever way. */
export function sorted(rows, shown, column, down, language) {
	const order = new Intl.Collator(language, { numeric: true });
	const compare = (a, b) =>
		typeof a[column] === "number" && typeof b[column] === "number"
			? a[column] - b[column]
			: order.compare(shown(a, column), shown(b, column));
	return [...rows].sort((a, b) =>
		(shown(a, column) === "") - (shown(b, column) === "") || (down ? -1 : 1) * compare(a, b));
}

/** Rows in which every word of the query stands somewhere, whatever its width or case. */
export function filtered(rows, shown, columns, query) {
	const fold = (s) => s.normalize("NFKC").toLowerCase();
	const words = fold(query).split(/\s+/).filter(Boolean);
	return rows.filter((row) => {
		const all = fold(columns.map((column) => text(row[column]) + " " + shown(row, column)).join("\n"));
		return words.every((word) => all.includes(word));
	});
}

const STEP = 100;

function start(place) {
	const say = place.dataset;
	const language = document.querySelector("main").lang || document.documentElement.lang;
	const [open, tools, input, found, take] =
		["open", "tools", "input", "found", "take"].map((name) => place.querySelector("." + name));
	const more = document.querySelector(".explore-more button");
	const table = document.getElementById("rows");
	let dataset, columns, rows, sort, down, length;

	const shown = (row, name) => {
		const { codes, byName } = dataset;
		const labels = codes?.[byName[name].codelist];
		const label = (value) => labels?.[value]?.[language] ?? text(value);
		return Array.isArray(row[name]) ? row[name].map(label).join(say.separator) : label(row[name]);
	};
	const current = () => {
		const left = filtered(rows, shown, columns, input.value);
		return sort ? sorted(left, shown, sort, down, language) : left;
	};
	const draw = () => {
		const left = current();
		const body = document.createElement("tbody");
		for (const row of left.slice(0, length)) {
			const line = body.insertRow();
			for (const name of columns) {
				const cell = line.insertCell();
				cell.textContent = shown(row, name);
				if (typeof row[name] === "number") cell.className = "number";
			}
		}
		table.tBodies[0].replaceWith(body);
		found.textContent = say.found.replace("{0}", left.length).replace("{1}", rows.length);
		more.hidden = left.length <= length;
	};
	const head = () => {
		const line = document.createElement("tr");
		for (const name of columns) {
			const cell = document.createElement("th");
			const button = document.createElement("button");
			cell.scope = "col";
			button.type = "button";
			button.textContent = dataset.byName[name].title?.[language] ?? name;
			button.onclick = () => {
				down = sort === name && !down;
				sort = name;
				for (const other of line.cells) other.removeAttribute("aria-sort");
				cell.setAttribute("aria-sort", down ? "descending" : "ascending");
				draw();
			};
			cell.append(button);
			line.append(cell);
		}
		table.tHead.replaceChildren(line);
	};

	open.hidden = false;
	open.onclick = async () => {
		try {
			const read = await (await fetch(say.rows)).json();
			({ dataset, rows } = read);
		} catch {
			found.textContent = say.failed;
			return;
		}
		dataset.byName = Object.fromEntries(dataset.columns.map((column) => [column.name, column]));
		columns = dataset.columns.map((column) => column.name);
		length = STEP;
		table.parentElement.classList.replace("stack", "wide");
		place.previousElementSibling.hidden = true; // how many rows the page shows without us
		open.hidden = true;
		tools.hidden = false;
		head();
		draw();
		input.focus();
	};
	input.oninput = () => {
		length = STEP;
		draw();
	};
	more.onclick = () => {
		length += STEP;
		draw();
	};
	take.onclick = () => {
		const all = [columns, ...current().map((row) => columns.map((name) => text(row[name])))];
		const file = new Blob([all.map(csvLine).join("")], { type: "text/csv" });
		const link = document.createElement("a");
		link.href = URL.createObjectURL(file);
		link.download = `${dataset.name}-${say.part}.csv`;
		link.click();
		URL.revokeObjectURL(link.href);
	};
}

if (globalThis.document) {
	for (const place of document.querySelectorAll(".explore")) start(place);
}
