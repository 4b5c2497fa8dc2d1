package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.examples.align.PocketRecipe;

/** Supervised fine-tuning of the base model on demonstrations: the model the others start from. */
record SftMethod() implements AlignmentMethod {

  @Override
  public String name() {
    return "SFT";
  }

  @Override
  public String paper() {
    return "Ouyang et al. 2022, arXiv 2203.02155";
  }

  @Override
  public Objective objective() {
    return new TextLossObjective(HeldOutTexts.DEMONSTRATIONS);
  }

  @Override
  public Policy start(MethodContext context) {
    return context.base();
  }

  /** Trained once more, so that its time is known. */
  @Override
  public Map<String, String> settings() {
    return Map.of(
        "learning rate",
        Double.toString(PocketRecipe.DEMONSTRATION_RATE),
        "batch",
        Integer.toString(PocketRecipe.BATCH),
        "demonstrations",
        Integer.toString(PocketRecipe.DEMONSTRATIONS));
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PocketRecipe recipe = context.recipe();
    return new DecoderPolicy(
        new PocketRecipe(recipe.world(), folder, recipe.seed(), ProgressListener.none())
            .demonstrations(context.base().model())
            .model());
  }
}
