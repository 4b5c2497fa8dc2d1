package org.alignment4j.rlhf.policy;

import java.util.Map;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/** Half the squared error of values: {@code ½·(V − R)²}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SquaredValueLoss() implements ValueLoss {

  static final String ERROR = "value/error";
  static final String MEAN = "value/mean";

  @Override
  public LossTerms terms(Ops ops, ValueTokens tokens) {
    Value squares = ops.square(ops.sub(tokens.values(), tokens.returns()));
    return new LossTerms(
        ops.scale(squares, 0.5),
        Map.of(ERROR, ops.detached(squares), MEAN, ops.detached(tokens.values())));
  }
}
