package org.alignment4j.oversight.decompose;

import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.OversightProtocol;
import org.apiguardian.api.API;

/**
 * A way to answer a question by way of its parts with a model that answers the parts. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Decomposition extends OversightProtocol<String, QuestionNode> {

  /** Returns this decomposition with another model to answer parts. */
  Decomposition withModel(LanguageModel model);

  /** Returns what asks for the answer to a whole question at once. */
  Prompt direct(String question);
}
