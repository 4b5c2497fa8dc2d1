package org.alignment4j.examples.pixels;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;

/** Reads images and labels in the IDX format of MNIST, packed by gzip or not. */
final class IdxDigits {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int MOST = 1_000_000;
  private static final float WHITE = 255;

  private IdxDigits() {}

  /**
   * Reads digits.
   *
   * @param images file of 28 × 28 images
   * @param labels file of as many labels
   * @throws DataFormatException if a file is no such file, is cut short or both differ in number
   * @throws AlignmentException if a file cannot be read
   */
  static List<Digit> read(Path images, Path labels) {
    List<Digit> digits = new ArrayList<>();
    try (DataInputStream pixels = open(images);
        DataInputStream classes = open(labels)) {
      int count = header(images, pixels, IMAGES);
      int other = header(labels, classes, LABELS);
      if (count != other) {
        throw fault(
            labels,
            "there must be a label for each of " + count + " images but there are " + other);
      }
      int rows = pixels.readInt();
      int columns = pixels.readInt();
      if (rows != Digit.SIDE || columns != Digit.SIDE) {
        throw fault(images, "images must have 28 × 28 pixels but have " + rows + " × " + columns);
      }
      byte[] image = new byte[Digit.PIXELS];
      for (int i = 0; i < count; i++) {
        pixels.readFully(image);
        int label = classes.readUnsignedByte();
        if (label >= Digit.CLASSES) {
          throw fault(
              labels, "a label must be from 0 to 9 but that of image " + i + " is " + label);
        }
        float[] values = new float[Digit.PIXELS];
        for (int p = 0; p < values.length; p++) {
          values[p] = (image[p] & 0xFF) / WHITE;
        }
        digits.add(new Digit(label, values));
      }
      return digits;
    } catch (EOFException e) {
      throw new DataFormatException(
          images + " or " + labels, 0, null, "the file ends early; fetch it again", e);
    } catch (IOException e) {
      throw new AlignmentException("cannot read " + images + " and " + labels + ": " + e, e);
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new DataInputStream(
        new java.io.BufferedInputStream(
            file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in));
  }

  private static int header(Path file, DataInputStream in, int expected) throws IOException {
    int magic = in.readInt();
    if (magic != expected) {
      throw fault(
          file,
          "an IDX file must begin with "
              + Integer.toHexString(expected)
              + " but begins with "
              + Integer.toHexString(magic));
    }
    int count = in.readInt();
    if (count < 1 || count > MOST) {
      throw fault(file, "there must be 1 to " + MOST + " items but are " + count);
    }
    return count;
  }

  private static DataFormatException fault(Path file, String problem) {
    return new DataFormatException(file.toString(), 0, null, problem);
  }
}
