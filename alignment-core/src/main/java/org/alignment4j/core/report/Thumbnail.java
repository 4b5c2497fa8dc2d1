package org.alignment4j.core.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apiguardian.api.API;

/**
 * A grid of numbers as a small picture, a pixel a cell: one colour above zero, another below, the
 * stronger the further from it. Hundreds of them fit a page. Immutable.
 *
 * @param values by row and column; what is not finite leaves a gap
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Thumbnail(List<List<Double>> values) {

  private static final int ABOVE = 0x2f7fd6;
  private static final int BELOW = 0xd8691a;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no cell, or rows differ in length
   */
  public Thumbnail {
    values = values.stream().map(List::copyOf).toList();
    if (values.isEmpty() || values.get(0).isEmpty()) {
      throw new IllegalArgumentException("a thumbnail must have a cell but has none");
    }
    for (int row = 0; row < values.size(); row++) {
      if (values.get(row).size() != values.get(0).size()) {
        throw new IllegalArgumentException(
            "rows must be of one length but row "
                + row
                + " has "
                + values.get(row).size()
                + " values and the first "
                + values.get(0).size());
      }
    }
  }

  /** The picture as the address of an image, which holds the image itself. */
  String dataUri() {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png());
  }

  private byte[] png() {
    int width = values.get(0).size();
    BufferedImage image = new BufferedImage(width, values.size(), BufferedImage.TYPE_INT_ARGB);
    double largest =
        values.stream()
            .flatMap(List::stream)
            .filter(Double::isFinite)
            .mapToDouble(Math::abs)
            .max()
            .orElse(0);
    for (int y = 0; y < values.size(); y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour(values.get(y).get(x), largest));
      }
    }
    return bytes(image);
  }

  /** Opaque where it is strong, so that it suits bright and dark pages. */
  private static int colour(double value, double largest) {
    if (!Double.isFinite(value) || largest == 0) {
      return 0;
    }
    int opacity = (int) Math.round(255 * Math.abs(value) / largest);
    return opacity << 24 | (value < 0 ? BELOW : ABOVE);
  }

  static byte[] bytes(BufferedImage image) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("png");
    ImageWriter writer = writers.next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(image);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a picture of " + image.getWidth() + " px", e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
