package org.alignment4j.examples.align;

/** What became of one item between two models. */
enum Change {
  /** Bad before, good after. */
  PUT_RIGHT("put right"),
  /** Good before, bad after. */
  SPOILT("spoilt"),
  /** Bad before and after. */
  STILL_WRONG("still wrong"),
  /** Good before and after. */
  STILL_RIGHT("still right");

  private final String title;

  Change(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Change between(JudgedReply before, JudgedReply after) {
    if (before.good()) {
      return after.good() ? STILL_RIGHT : SPOILT;
    }
    return after.good() ? PUT_RIGHT : STILL_WRONG;
  }
}
