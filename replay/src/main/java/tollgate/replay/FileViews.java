package tollgate.replay;

import java.util.List;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Value;

/**
 * Views as written in a {@link StrategyFile}, one after the other:
 *
 * <pre>
 *   map: everything          or a list of memory classes
 *   without: [k_secret]
 *   parts: {k_task_cur: vmalloc}   of the class, only what lies in this region
 *   global: all              all kernel memory; or a list of classes
 *   leaves: {image: 4KiB}    page size of a region: 4KiB, 2MiB, 1GiB
 *   rest: on_demand          what is not mapped is mapped page by page, when touched; or absent
 * </pre>
 */
final class FileViews {
    private static final List<String> SIZES = List.of("4KiB", "2MiB", "1GiB");

    private FileViews() {}

    static View view(Doc doc) {
        Value map = doc.value("map");
        View view = isWord(map, "everything") ? View.everything() : View.of(classes(map));
        if (doc.has("without")) {
            view = view.without(classes(doc.value("without")));
        }
        if (doc.has("parts")) {
            for (var part : doc.doc("parts").entries().entrySet()) {
                Region region = part.getValue().choice(Region.class);
                view = view.andPart(word(part.getKey(), part.getValue(), MemoryClass.K_TASK_CUR), region);
            }
        }
        if (doc.has("global")) {
            Value global = doc.value("global");
            view = isWord(global, "all") ? view.kernelGlobal() : view.global(classes(global));
        }
        if (doc.has("leaves")) {
            for (var leaf : doc.doc("leaves").entries().entrySet()) {
                int size = SIZES.indexOf(leaf.getValue().choice(SIZES));
                view = view.leaf(word(leaf.getKey(), leaf.getValue(), Region.USER), size);
            }
        }
        if (doc.has("rest")
                && doc.choice("rest", List.of("absent", "on_demand")).equals("on_demand")) {
            view = view.restOnDemand();
        }
        return view;
    }

    private static boolean isWord(Value value, String word) {
        return value.isScalar() && value.string().equals(word);
    }

    private static MemoryClass[] classes(Value value) {
        return value.set(each -> each.choice(MemoryClass.class)).toArray(MemoryClass[]::new);
    }

    /** A key that is a constant's name. */
    private static <E extends Enum<E>> E word(String key, Value value, E otherwise) {
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(key)) {
                return constant;
            }
        }
        List<String> known = java.util.Arrays.stream(
                        otherwise.getDeclaringClass().getEnumConstants())
                .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        value.problem("unknown word '" + tollgate.ingest.BadInput.show(key, 40) + "'"
                + tollgate.ingest.yaml.Spelling.hint(key, known));
        return otherwise;
    }
}
