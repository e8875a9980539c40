// 書きながらの点検（README）。項目欄を .vscode/ の JSON Schema と照らし合わせます
// Checks while typing (README): front matter is compared with the JSON Schemas in .vscode/
import remarkFrontmatter from "remark-frontmatter";
import remarkLintFrontmatterSchema from "remark-lint-frontmatter-schema";

const schemas = {
  "./.vscode/case.schema.json": ["./content/cases/*/index.{original}.md"],
  "./.vscode/case.translation.schema.json": ["./content/cases/*/index.{translation}.md"],
  "./.vscode/page.schema.json": ["./content/pages/*/index.{original}.md"],
  "./.vscode/page.translation.schema.json": ["./content/pages/*/index.{translation}.md"],
  "./.vscode/news.schema.json": ["./content/news/*/index.{original}.md"],
  "./.vscode/news.translation.schema.json": ["./content/news/*/index.{translation}.md"],
  "./.vscode/meeting.schema.json": ["./content/meetings/*/index.{original}.md"],
  "./.vscode/meeting.translation.schema.json": ["./content/meetings/*/index.{translation}.md"],
};

export default {plugins: [remarkFrontmatter, [remarkLintFrontmatterSchema, {schemas}]]};
