package org.alignment4j.api.model;

import org.apiguardian.api.API;

/** Why a completion ended. */
@API(status = API.Status.STABLE, since = "0.1")
public enum FinishReason {
  /** The model produced an end-of-sequence token. */
  EOS,
  /** One of the stop strings appeared; it is not part of the text. */
  STOP_STRING,
  /** The limit on new tokens or the model's context was reached: the text is truncated. */
  LENGTH,
  /** A provider's filter withheld the text or the rest of it. */
  CONTENT_FILTER,
  /** The provider did not say. */
  UNKNOWN
}
