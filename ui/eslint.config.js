// The page's lint rules: typescript-eslint's strictest set with types, and the direction of imports (core knows nobody;
// worker and components know core and the messages between them). test/house.test.ts finds import cycles.
import js from "@eslint/js";
import tseslint from "typescript-eslint";

const tsconfigs = ["core", "worker", "app", "test"].map((name) => `tsconfig.${name}.json`);

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "coverage/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: tsconfigs, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `Record` is the design's term here, and the name of our own type.
      "@typescript-eslint/consistent-indexed-object-style": ["error", "index-signature"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/core/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/components/**", "**/worker/**", "**/embed/**", "lit", "lit/*"] }] },
  },
  {
    files: ["src/worker/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/components/**", "**/embed/**", "lit", "lit/*"] }] },
  },
);
