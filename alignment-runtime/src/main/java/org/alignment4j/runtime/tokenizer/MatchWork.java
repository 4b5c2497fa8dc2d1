package org.alignment4j.runtime.tokenizer;

import java.util.List;

/**
 * Bounds on how often a backtracking matcher steps back while it tries one part of a regular
 * expression from one place of a text. An optional part after which nothing can fail is never
 * entered again, which is why a trailing repetition costs nothing and one in the middle does.
 *
 * @param ends how many ways the part can match
 * @param first steps back until the first match, if there is one
 * @param all steps back until every match was tried, if there is one
 * @param fail steps back until it is known that there is no match
 * @param fallible whether there may be no match
 * @param shortest characters of the shortest match
 */
record MatchWork(
    Steps ends, Steps first, Steps all, Steps fail, boolean fallible, double shortest) {

  /** Nothing at all, which always matches. */
  static final MatchWork EMPTY =
      new MatchWork(Steps.ONE, Steps.NONE, Steps.NONE, Steps.NONE, false, 0);

  /** One character of a kind. */
  static final MatchWork CHARACTER =
      new MatchWork(Steps.ONE, Steps.NONE, Steps.NONE, Steps.ONE, true, 1);

  /** A condition on a place. */
  static final MatchWork ANCHOR =
      new MatchWork(Steps.ONE, Steps.NONE, Steps.NONE, Steps.ONE, true, 0);

  /** One or two characters where the text may be read in two ways. */
  static final MatchWork FOLDED =
      new MatchWork(Steps.of(2), Steps.ONE, Steps.of(2), Steps.of(2), true, 1);

  /** Steps back at most while the whole expression is tried from one place. */
  Steps whole() {
    return first.or(fail);
  }

  MatchWork then(MatchWork rest) {
    Steps passed = all.plus(ends.times(rest.fail));
    Steps matched = ends.isAtMostOne() ? all : passed;
    return new MatchWork(
        ends.times(rest.ends),
        rest.fallible ? matched.plus(rest.first) : first.plus(rest.first),
        all.plus(ends.times(rest.all.or(rest.fail))),
        rest.fallible ? passed.or(fail) : fail,
        fallible || rest.fallible,
        shortest + rest.shortest);
  }

  static MatchWork alternatives(List<MatchWork> parts) {
    Steps ends = Steps.NONE;
    Steps first = Steps.NONE;
    Steps all = Steps.NONE;
    Steps failed = Steps.NONE;
    boolean fallible = true;
    double shortest = Double.POSITIVE_INFINITY;
    for (MatchWork part : parts) {
      ends = ends.plus(part.ends);
      all = all.plus(part.all.or(part.fail));
      if (fallible) {
        first = first.or(failed.plus(part.first));
        failed = failed.plus(part.fail);
      }
      fallible &= part.fallible;
      shortest = Math.min(shortest, part.shortest);
    }
    return new MatchWork(ends, first, all, fallible ? failed : Steps.NONE, fallible, shortest);
  }

  MatchWork optional() {
    return alternatives(List.of(this, EMPTY));
  }

  /** The part again and again, {@code least} times at least. */
  MatchWork repeated(double least) {
    MatchWork required = repeated(least, least);
    Steps every = Steps.PLACES.times(all).plus(fail);
    boolean oneWay = ends.isAtMostOne();
    MatchWork more =
        new MatchWork(
            oneWay ? Steps.PLACES : Steps.UNBOUNDED,
            Steps.PLACES.times(first).plus(fail),
            oneWay ? every : Steps.UNBOUNDED,
            Steps.NONE,
            false,
            0);
    return least == 0 ? more : least == 1 ? onceThen(more) : required.then(more);
  }

  /** A first match that fails is the only one that is entered again. */
  private MatchWork onceThen(MatchWork more) {
    MatchWork both = then(more);
    return new MatchWork(more.ends, both.first, both.all.or(more.all), fail, fallible, shortest);
  }

  /** The part from {@code least} to {@code most} times. */
  MatchWork repeated(double least, double most) {
    if (most == 0) {
      return EMPTY;
    }
    if (ends.isAtMostOne()) {
      boolean always = least == 0 || !fallible;
      return new MatchWork(
          Steps.of(most - least + 1),
          first.times(most).plus(fail),
          all.times(most).plus(fail),
          always ? Steps.NONE : all.times(least).plus(fail),
          !always,
          shortest * least);
    }
    MatchWork result = EMPTY;
    for (double i = most; i > 0; i--) {
      result = then(result);
      result = i > least ? result.optional() : result;
      if (!result.ends.isBounded()) {
        return withoutBound(least, most);
      }
    }
    return result;
  }

  private MatchWork withoutBound(double least, double most) {
    boolean always = least == 0 || !fallible;
    return new MatchWork(
        Steps.UNBOUNDED,
        least > 1 ? Steps.UNBOUNDED : first.times(most).plus(fail),
        Steps.UNBOUNDED,
        always ? Steps.NONE : least > 1 ? Steps.UNBOUNDED : fail,
        !always,
        shortest * least);
  }

  /** The first match only, never entered again. */
  MatchWork atomic() {
    return new MatchWork(Steps.ONE, first, first, fail, fallible, shortest);
  }

  /** A condition that the part matches here, or that it does not. */
  MatchWork ahead(boolean positive) {
    Steps found = first.plus(Steps.ONE);
    Steps missed = fail.plus(Steps.ONE);
    return new MatchWork(
        Steps.ONE,
        positive ? found : missed,
        positive ? found : missed,
        positive ? missed : found,
        true,
        0);
  }

  /** A condition on what ends here, which is sought from every place if its length may vary. */
  MatchWork behind(boolean positive) {
    MatchWork here = ahead(positive);
    Steps places = all.isConstant() && ends.isConstant() ? Steps.ONE : Steps.PLACES;
    return new MatchWork(
        Steps.ONE,
        here.first.times(places),
        here.all.times(places),
        here.fail.times(places),
        true,
        0);
  }
}
