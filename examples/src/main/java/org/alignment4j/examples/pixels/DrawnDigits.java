package org.alignment4j.examples.pixels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Digits drawn with strokes that are bent, slanted, scaled, shifted and of uneven width at random,
 * with specks around them. Pure function of the seed and the number.
 *
 * @param seed where random numbers start
 */
record DrawnDigits(long seed) {
  /** Corners of the strokes by digit, x to the right and y down, in a unit square. */
  private static final double[][][][] STROKES = {
    {
      {
        {.5, .1},
        {.25, .25},
        {.2, .5},
        {.25, .75},
        {.5, .9},
        {.75, .75},
        {.8, .5},
        {.75, .25},
        {.5, .1}
      }
    },
    {{{.35, .25}, {.55, .1}, {.55, .9}}},
    {{{.25, .3}, {.4, .12}, {.65, .15}, {.72, .35}, {.5, .6}, {.25, .88}, {.78, .88}}},
    {
      {
        {.25, .18},
        {.55, .1},
        {.72, .25},
        {.65, .42},
        {.45, .48},
        {.7, .55},
        {.75, .75},
        {.5, .9},
        {.25, .82}
      }
    },
    {{{.62, .9}, {.62, .1}, {.22, .62}, {.8, .62}}},
    {{{.75, .12}, {.32, .12}, {.28, .45}, {.58, .42}, {.75, .6}, {.68, .82}, {.45, .9}, {.25, .8}}},
    {
      {
        {.68, .14},
        {.42, .25},
        {.27, .55},
        {.3, .8},
        {.5, .9},
        {.72, .78},
        {.7, .58},
        {.5, .5},
        {.3, .6}
      }
    },
    {{{.22, .14}, {.78, .14}, {.55, .5}, {.42, .9}}},
    {
      {
        {.5, .48},
        {.3, .35},
        {.35, .16},
        {.5, .1},
        {.66, .16},
        {.7, .35},
        {.5, .48},
        {.28, .64},
        {.32, .84},
        {.5, .9},
        {.7, .84},
        {.73, .64},
        {.5, .48}
      }
    },
    {
      {
        {.7, .4},
        {.5, .5},
        {.3, .42},
        {.28, .22},
        {.5, .1},
        {.7, .2},
        {.7, .4},
        {.66, .65},
        {.5, .9}
      }
    }
  };

  private static final double BEND = 0.03;
  private static final double SLANT = 0.22;
  private static final double TURN = 0.17;
  private static final double SHIFT = 0.05;
  private static final double LEAST_SIZE = 0.85;
  private static final double MOST_SIZE = 1.0;
  private static final double SPECKS = 0.004;
  private static final double INK = 0.1;

  /** In widths of the pen, how far from a stroke there is ink. */
  private static final double REACH = 1.5;

  /** Draws a digit. */
  Digit draw(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    int label = random.nextInt(Digit.CLASSES);
    double turn = TURN * (2 * random.nextDouble() - 1);
    double slant = SLANT * (2 * random.nextDouble() - 1);
    double width = LEAST_SIZE + (MOST_SIZE - LEAST_SIZE) * random.nextDouble();
    double height = LEAST_SIZE + (MOST_SIZE - LEAST_SIZE) * random.nextDouble();
    double right = SHIFT * (2 * random.nextDouble() - 1);
    double down = SHIFT * (2 * random.nextDouble() - 1);
    double pen = 0.022 + 0.02 * random.nextDouble();
    List<double[]> segments = new ArrayList<>();
    for (double[][] stroke : STROKES[label]) {
      double[] from = new double[0];
      for (double[] corner : stroke) {
        double x = (corner[0] - 0.5) * width + BEND * random.nextGaussian();
        double y = (corner[1] - 0.5) * height + BEND * random.nextGaussian();
        x += slant * -y;
        double turnedX = x * Math.cos(turn) - y * Math.sin(turn) + 0.5 + right;
        double turnedY = x * Math.sin(turn) + y * Math.cos(turn) + 0.5 + down;
        if (from.length > 0) {
          segments.add(new double[] {from[0], from[1], turnedX, turnedY});
        }
        from = new double[] {turnedX, turnedY};
      }
    }
    double[] squares = squaredDistances(segments, REACH * pen);
    float[] pixels = new float[Digit.PIXELS];
    for (int row = 0; row < Digit.SIDE; row++) {
      for (int column = 0; column < Digit.SIDE; column++) {
        double distance = Math.sqrt(squares[row * Digit.SIDE + column]);
        double ink = Math.max(0, Math.min(1, REACH - distance / pen));
        if (random.nextDouble() < SPECKS) {
          ink = Math.max(ink, random.nextDouble());
        }
        pixels[row * Digit.SIDE + column] = ink < INK ? 0 : (float) ink;
      }
    }
    return new Digit(label, pixels);
  }

  /** To the nearest segment by pixel; only within reach, because there is no ink beyond. */
  private static double[] squaredDistances(List<double[]> segments, double reach) {
    double[] squares = new double[Digit.PIXELS];
    Arrays.fill(squares, Double.MAX_VALUE);
    for (double[] segment : segments) {
      int bottom = last(Math.max(segment[1], segment[3]) + reach);
      int right = last(Math.max(segment[0], segment[2]) + reach);
      for (int row = first(Math.min(segment[1], segment[3]) - reach); row <= bottom; row++) {
        int left = first(Math.min(segment[0], segment[2]) - reach);
        for (int column = left; column <= right; column++) {
          int pixel = row * Digit.SIDE + column;
          squares[pixel] =
              Math.min(squares[pixel], squaredDistance(centre(column), centre(row), segment));
        }
      }
    }
    return squares;
  }

  private static double centre(int index) {
    return (index + 0.5) / Digit.SIDE;
  }

  private static int first(double at) {
    return Math.max(0, (int) Math.floor(at * Digit.SIDE - 0.5));
  }

  private static int last(double at) {
    return Math.min(Digit.SIDE - 1, (int) Math.ceil(at * Digit.SIDE - 0.5));
  }

  private static double squaredDistance(double x, double y, double[] segment) {
    double dx = segment[2] - segment[0];
    double dy = segment[3] - segment[1];
    double length = dx * dx + dy * dy;
    double along = length == 0 ? 0 : ((x - segment[0]) * dx + (y - segment[1]) * dy) / length;
    double t = Math.max(0, Math.min(1, along));
    double right = x - segment[0] - t * dx;
    double down = y - segment[1] - t * dy;
    return right * right + down * down;
  }
}
