package org.alignment4j.eval;

import java.util.List;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.report.Section;
import org.apiguardian.api.API;

/** A benchmark that shows more of a model than its figures, on {@link EvaluationPage}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface PageSections {

  /**
   * Returns what to show of one model.
   *
   * @param model what to call the model
   * @param results its results on this benchmark
   * @return the sections, none when there is nothing to show
   */
  List<Section> sections(String model, List<SampleResult> results);
}
