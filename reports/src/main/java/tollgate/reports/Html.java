package tollgate.reports;

import tollgate.reports.chart.Fonts;

/** Writes XHTML: what is not a tag of ours is escaped, whoever named it. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /** A tag or other markup of our own, as it is. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Foreign or own text. */
    Html text(String text) {
        String shown = Fonts.printable(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** An element with text. @param tag with its attributes: {@code td class="n"} */
    Html element(String tag, String text) {
        int name = tag.indexOf(' ');
        return raw("<" + tag + ">").text(text).raw("</" + (name < 0 ? tag : tag.substring(0, name)) + ">\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
