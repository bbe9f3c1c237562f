package tollgate.reports;

import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison;

/** The report's page on the simulated MMU: a picture of the way that a translation takes, and what it does in ten lines. */
final class MmuSection {
    private static final String[] LINES = {
        "An access names a 4 KiB page, and its view the size of the leaf that maps it. The first-level TLB for its kind "
                + "and size is asked, then the second level; a hit there is counted as such.",
        "A miss in both is a page walk. It starts below the deepest level that the paging-structure caches know, and "
                + "each entry it reads is counted.",
        "Replacement is true LRU within a set; empty ways are taken first.",
        "Entries carry the PCID of the address space they were filled under, or the global bit; guests' carry a VPID "
                + "and compete for the same sets.",
        "A CR3 write with bit 63 drops nothing. Without it, all entries of that PCID that are not global go, and its "
                + "paging-structure caches. Without PCID every write drops all that is not global.",
        "INVLPG drops a page under the running PCID and its global entry everywhere, and that PCID's paging-structure "
                + "caches; INVPCID one page, one PCID, or everything.",
        "Linux keeps six ASIDs a CPU, replaced round robin; one that is found again is flushed only if its process's "
                + "pages were shot down meanwhile.",
        "Deep idle empties everything, in every strategy alike.",
        "Against measured page streams of a real kernel, every expected miss count of an independent TLB model is met "
                + "exactly (2052 of 2052); a second, plain implementation agrees on every access.",
        "Not modelled: data caches behind the walks, prefetch, merging of neighbouring pages on Zen, entries that "
                + "hardware drops of its own accord.",
    };

    private MmuSection() {}

    static String of(Comparison.Cpu cpu) {
        Map<String, List<String>> caches = cpu.translation();
        Html html = new Html();
        html.raw("<table class=\"mmu whole\"><tr>");
        box(html, "access", List.of("page, size of its leaf,", "PCID or VPID, global bit"));
        arrow(html);
        box(html, "first-level TLBs", caches.get("first"));
        html.raw("<td class=\"arrow\">miss \u2192</td>");
        box(html, "second level", caches.get("second"));
        html.raw("<td class=\"arrow\">miss \u2192</td>");
        box(html, "page walk", caches.get("levels"));
        html.raw("</tr><tr><td colspan=\"6\" class=\"arrow\"></td><td class=\"arrow\">\u2195</td></tr><tr>");
        html.raw("<td colspan=\"6\" class=\"arrow\">the walk starts below what these know \u2192</td>");
        box(html, "paging-structure caches", caches.get("walks"));
        html.raw("</tr></table>\n");
        html.element(
                "p class=\"caption\"",
                "The way of a translation on " + cpu.title() + ". Figures without a remark are verified; \"derived\" "
                        + "and \"approximate\" are not.");
        html.raw("<ol>");
        for (String line : LINES) {
            html.element("li", line);
        }
        return html.raw("</ol>\n").toString();
    }

    private static void arrow(Html html) {
        html.raw("<td class=\"arrow\">\u2192</td>");
    }

    private static void box(Html html, String title, List<String> lines) {
        html.raw("<td class=\"box\"><b>").text(title).raw("</b>");
        for (String line : lines) {
            html.raw("<br/>").text(line);
        }
        html.raw("</td>");
    }
}
