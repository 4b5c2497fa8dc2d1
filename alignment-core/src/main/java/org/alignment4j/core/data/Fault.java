package org.alignment4j.core.data;

import org.apiguardian.api.API;

/** Why a row was refused. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Fault {
  /** The row is not JSON, not an object, or not CSV with as many cells as the header. */
  SYNTAX,
  /** The bytes are not UTF-8. */
  ENCODING,
  /** A line, string, number or nesting is beyond its bound. */
  TOO_LARGE,
  /** A name occurs twice in one object. */
  DUPLICATE_KEY,
  /** A required field is missing or null. */
  MISSING_FIELD,
  /** A field has another type or form than its format asks for. */
  WRONG_TYPE,
  /** A text that must say something is empty. */
  EMPTY_TEXT,
  /** Chosen and rejected answers are equal, so the pair states no preference. */
  EQUAL_PAIR,
  /** The two dialogues of a pair part before the last reply, so they share no prompt. */
  DIFFERENT_PROMPTS,
  /** The row has another form than the first row of the file. */
  MIXED_FORMS,
  /** Any other rule of the format at hand. */
  INVALID
}
