package org.alignment4j.api.model;

import org.apiguardian.api.API;

/** What every model has: an identity. */
@API(status = API.Status.STABLE, since = "0.1")
public interface Model {

  /**
   * Returns the identity under which journals, caches and reports file this model's answers: a
   * content hash for a local model, provider, endpoint and model name for a remote one. Two models
   * that could answer differently never share it; a trained, edited or intervened model has one of
   * its own. It contains no secret.
   *
   * @return the identity, never empty
   */
  String id();
}
