package org.alignment4j.core.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.files.AtomicFiles;
import org.apiguardian.api.API;

/**
 * A chart of a {@link Report} as a picture of its own, with title and legend, on white: for a
 * notebook, a slide or a paper. Needs no display. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChartImage {

  /** Pixels wide enough for print over a column. */
  public static final int DEFAULT_WIDTH = 1560;

  private static final int MAX_WIDTH = 16_384;

  private ChartImage() {}

  /**
   * Returns the chart as SVG 1.1, which needs no style sheet.
   *
   * @param chart the chart
   * @return an XML document
   */
  public static String svg(Chart chart) {
    return StandaloneSvg.of(chart).xml();
  }

  /**
   * Returns the chart as PNG.
   *
   * @param chart the chart
   * @param width in pixels; the height follows
   * @return the bytes of the file
   * @throws IllegalArgumentException if the width is not from 1 to 16,384
   */
  public static byte[] png(Chart chart, int width) {
    if (width < 1 || width > MAX_WIDTH) {
      throw new IllegalArgumentException(
          "width must be from 1 to " + MAX_WIDTH + " pixels but was " + width);
    }
    StandaloneSvg svg = StandaloneSvg.of(chart);
    int height = Math.max(1, (int) Math.round(svg.height() * width / Plot.WIDTH));
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      document(svg.xml()).render(null, graphics, new ViewBox(0, 0, width, height));
    } finally {
      graphics.dispose();
    }
    return Thumbnail.bytes(image);
  }

  private static SVGDocument document(String xml) {
    SVGDocument document =
        new SVGLoader()
            .load(
                new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)),
                URI.create("chart.svg"),
                LoaderContext.createDefault());
    if (document == null) {
      throw new IllegalStateException("a chart's SVG must be readable but is not: " + xml);
    }
    return document;
  }

  /**
   * Writes the chart as the kind of file that the name tells; an older file is replaced whole.
   *
   * @param chart the chart
   * @param file ends with {@code .png} or {@code .svg}
   * @throws IllegalArgumentException if the name has another ending
   * @throws AlignmentException if the file cannot be written
   */
  public static void write(Chart chart, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      AtomicFiles.write(file, png(chart, DEFAULT_WIDTH));
    } else if (name.endsWith(".svg")) {
      AtomicFiles.write(file, svg(chart));
    } else {
      throw new IllegalArgumentException(
          "a picture's name must end with .png or .svg but was " + file);
    }
  }
}
