package tollgate.replay.pages;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes {@link FootprintFormat}. */
final class FootprintWriter {
    /** An invocation in words of the page table: parts of {@code row << 2 | type}. */
    record Template(long instructions, List<int[]> parts) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param pools by key, then by program */
    static byte[] write(
            String kernel,
            List<String> programs,
            List<Roles.Row> pages,
            double pagesPerFault,
            Map<Integer, UserModel> models,
            TreeMap<Long, TreeMap<Integer, List<Template>>> pools) {
        FootprintWriter writer = new FootprintWriter();
        writer.header(kernel, programs, pages, pagesPerFault, models);
        writer.body(pools);
        return Zstd.compress(writer.out.toByteArray(), 19);
    }

    private void header(
            String kernel,
            List<String> programs,
            List<Roles.Row> pages,
            double pagesPerFault,
            Map<Integer, UserModel> models) {
        out.writeBytes(FootprintFormat.MAGIC);
        text(kernel);
        varint(programs.size());
        programs.forEach(this::text);
        varint(pages.size());
        long last = 0;
        for (Roles.Row row : pages) {
            varint(row.kind());
            varint(row.pageClass().ordinal());
            varint(row.family());
            long step = row.number() - last;
            varint(step << 1 ^ step >> 63);
            last = row.number();
        }
        varint(Math.round(pagesPerFault * 1000));
        varint(models.size());
        models.forEach((program, model) -> {
            varint(program);
            model.write(this::varint);
        });
    }

    private void body(TreeMap<Long, TreeMap<Integer, List<Template>>> pools) {
        varint(pools.size());
        List<Template> all = new ArrayList<>();
        pools.forEach((key, rows) -> {
            varint(key);
            varint(rows.size());
            rows.forEach((program, templates) -> {
                varint(program);
                varint(templates.size());
                all.addAll(templates);
            });
        });
        for (Template template : all) {
            varint(template.instructions);
            varint(template.parts.size());
            template.parts.forEach(part -> varint(part.length));
        }
        for (Template template : all) {
            for (int[] part : template.parts) {
                for (int access : part) {
                    varint(access);
                }
            }
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~127L) != 0) {
            out.write((int) (rest & 127 | 128));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
