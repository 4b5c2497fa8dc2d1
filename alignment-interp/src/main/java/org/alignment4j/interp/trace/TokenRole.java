package org.alignment4j.interp.trace;

import org.alignment4j.interp.fact.SubjectPrompt;
import org.apiguardian.api.API;

/** Where a token stands in relation to the subject (Meng et al. 2022, figure 2). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TokenRole {
  /** Before the subject. */
  BEFORE_SUBJECT,
  /** The first of a subject of several tokens. */
  FIRST_SUBJECT,
  /** Between the subject's first and last. */
  MIDDLE_SUBJECT,
  /** The subject's last, or only, token. */
  LAST_SUBJECT,
  /** The one after the subject, unless it is the prompt's last. */
  FIRST_AFTER,
  /** Further ones but the prompt's last. */
  FURTHER,
  /** The prompt's last, unless it is of the subject. */
  LAST;

  /**
   * The role of a token.
   *
   * @param prompt the prompt
   * @param position the token's position, from 0
   * @return its role
   */
  public static TokenRole of(SubjectPrompt prompt, int position) {
    if (position < prompt.subjectFirst()) {
      return BEFORE_SUBJECT;
    }
    if (position == prompt.subjectLast()) {
      return LAST_SUBJECT;
    }
    if (position < prompt.subjectLast()) {
      return position == prompt.subjectFirst() ? FIRST_SUBJECT : MIDDLE_SUBJECT;
    }
    if (position == prompt.tokens().size() - 1) {
      return LAST;
    }
    return position == prompt.subjectLast() + 1 ? FIRST_AFTER : FURTHER;
  }
}
