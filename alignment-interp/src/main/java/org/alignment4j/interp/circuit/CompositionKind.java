package org.alignment4j.interp.circuit;

import org.apiguardian.api.API;

/** Where a later head reads what an earlier one wrote. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum CompositionKind {
  /** In its queries: {@code X = QK}. */
  QUERY,
  /** In its keys: {@code X = QKᵀ}. */
  KEY,
  /** In its values: {@code X = OV}. */
  VALUE
}
