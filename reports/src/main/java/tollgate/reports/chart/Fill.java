package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/**
 * Eight ways to fill an area that stay apart in colour, in grey and for colour-blind readers: the colours are
 * Okabe and Ito's, light and dark in turn, and every second one is hatched. Hatching is drawn as lines, since a
 * texture would become a bitmap in a PDF.
 */
enum Fill {
    BLUE(0x0072b2, 0x0072b2, 0, 0),
    ORANGE(0xe69f00, 0x5c4000, 1, 1),
    SKY(0xbfe0f5, 0x56b4e9, 0, 0),
    GREEN(0x009e73, 0xffffff, 1, -1),
    YELLOW(0xf0e442, 0x8f8827, 0, 1),
    VERMILION(0xd55e00, 0x5c2900, 1, 0),
    PURPLE(0xe8c3d8, 0x9c4f7c, 1, -1),
    WHITE(0xffffff, 0xffffff, 0, 0);

    private static final double PITCH = 3;

    private final Color ground;
    private final Color line;
    private final int right;
    private final int down;

    /** @param right direction of the hatching: right and down, (0, 0) for none */
    Fill(int ground, int line, int right, int down) {
        this.ground = new Color(ground);
        this.line = new Color(line);
        this.right = right;
        this.down = down;
    }

    void paint(Graphics2D g, Rectangle2D area) {
        g.setColor(ground);
        g.fill(area);
        if (right != 0 || down != 0) {
            paintHatching(g, area);
        }
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(0.35f));
        g.draw(area);
    }

    /** Lines on a grid that is fixed to the page, so that neighbours of one kind continue each other. */
    private void paintHatching(Graphics2D g, Rectangle2D area) {
        Shape clip = g.getClip();
        g.clip(area);
        g.setColor(line);
        g.setStroke(new BasicStroke(0.6f));
        double x = area.getX();
        double y = area.getY();
        double w = area.getWidth();
        double h = area.getHeight();
        if (right == 0) {
            for (double at = Math.ceil(x / PITCH) * PITCH; at < x + w; at += PITCH) {
                g.draw(new Line2D.Double(at, y, at, y + h));
            }
        } else if (down == 0) {
            for (double at = y + PITCH / 2; at < y + h; at += PITCH / 1.5) {
                g.draw(new Line2D.Double(x, at, x + w, at));
            }
        } else {
            for (double at = Math.floor((x - h) / PITCH) * PITCH; at < x + w + h; at += PITCH) {
                g.draw(new Line2D.Double(at, down > 0 ? y : y + h, at + h, down > 0 ? y + h : y));
            }
        }
        g.setClip(clip);
    }
}
