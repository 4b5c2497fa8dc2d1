package org.alignment4j.rlhf.loss;

import org.alignment4j.rlhf.data.UpdateLengths;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The {@linkplain UpdateLengths mean lengths} of the whole update that pairs belong to, the same
 * for each of them. Both values are {@code [pairs]}.
 *
 * @param answers tokens of the preferred answers on average
 * @param prompts tokens of the prompts on average, but the first
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MeanLengths(Value answers, Value prompts) {}
