package tollgate.replay.pages;

import java.nio.file.*;
import java.util.*;
import tollgate.ingest.*;
import tollgate.replay.*;

public class Val {
    public static void main(String[] a) throws Exception {
        Footprints f = Footprints.load(Path.of(a[0]));
        Path tr = Path.of(a[1]);
        Map<Integer, String> v = tollgate.replay.pages.Vectors.read(tr.resolve("vectors_6.1.txt"));
        for (String prog : a[2].split(",")) {
            TagPolicy[] real = make();
            long t0 = System.nanoTime();
            PageTrace.read(Input.of(tr.resolve(prog + ".pti_off.pgt.zst")), new Fan(real));
            for (String mode : a[3].split(",")) {
                TagPolicy[] d = make();
                PageStream p = new PageStream(f, 1);
                if (mode.contains("self")) p.prefer(prog);
                else {
                    p.exclude(prog);
                }
                PageTrace.read(
                        Input.of(tr.resolve(prog + ".pti_off.pgt.zst")),
                        new DrawnSink(
                                p,
                                (id, u) -> tollgate.replay.pages.Vectors.cause(v.get(id), u),
                                mode.contains("user"),
                                d));
                for (int s = 0; s < 2; s++)
                    for (int k = 1; k < 3; k++) {
                        TagPolicy rb = real[s * 3], rk = real[s * 3 + k], db = d[s * 3], dk = d[s * 3 + k];
                        double n = rk.entries();
                        double rw = (rk.walks() - rb.walks()) / n,
                                dw = (dk.walks() - db.walks()) / n,
                                rh = (rk.stlbHits() - rb.stlbHits()) / n,
                                dh = (dk.stlbHits() - db.stlbHits()) / n;
                        double rc = rw * 30 + rh * 9, dc = dw * 30 + dh * 9;
                        System.out.printf(
                                "%-8s %-10s %s %-12s walks %8.2f %8.2f  hits %8.2f %8.2f  cycles %8.1f %8.1f err %7.1f (%.1f%%) | base walks %.2f %.2f hits %.2f %.2f%n",
                                prog,
                                mode,
                                s == 1 ? "4k" : "2m",
                                rk.kind(),
                                rw,
                                dw,
                                rh,
                                dh,
                                rc,
                                dc,
                                dc - rc,
                                100 * (dc - rc) / rc,
                                rb.walks() / n,
                                db.walks() / n,
                                rb.stlbHits() / n,
                                db.stlbHits() / n);
                    }
                System.out.println("   drawn " + p.drawn() + " borrowed " + p.borrowed() + " entries " + d[0].entries()
                        + "/" + real[0].entries());
            }
        }
    }

    static TagPolicy[] make() {
        TagPolicy[] t = new TagPolicy[6];
        for (int s = 0; s < 2; s++)
            for (int k = 0; k < 3; k++) t[s * 3 + k] = new TagPolicy(TagPolicy.Kind.values()[k], s == 1);
        return t;
    }

    record Fan(TagPolicy[] s) implements PageTrace.Sink {
        public void access(long p, int t) {
            for (TagPolicy x : s) x.access(p, t);
        }

        public void event(int c, long i, long l, long st, long ar) {
            for (TagPolicy x : s) x.event(c, i, l, st, ar);
        }
    }
}
