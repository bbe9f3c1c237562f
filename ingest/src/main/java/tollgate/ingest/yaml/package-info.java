/**
 * Reads what people write by hand (sidecars, CPU profiles, strategies, studies) and tells them everything
 * that is wrong with it at once, by line and column.
 *
 * <pre>
 *   Doc doc = Yaml.read(path);
 *   String title = doc.string("title");
 *   double gigahertz = doc.number("gigahertz", 0.1, 10);
 *   long from = doc.nanos("from", 0);              // optional: 0 if it is not there
 *   doc.finish();                                  // throws BadYaml with every problem found, unknown keys too
 * </pre>
 *
 * <p>A subset of YAML 1.2 that cannot surprise: maps with plain keys, lists, scalars; no tags, no anchors, no
 * aliases, one document, 1 MiB, 32 levels. What a scalar is follows from who asks for it, not from how it
 * looks: {@code pti: off} is the text "off" for a reader that wants text.
 */
package tollgate.ingest.yaml;
