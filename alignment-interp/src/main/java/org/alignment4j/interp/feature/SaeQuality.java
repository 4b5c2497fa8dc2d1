package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/**
 * The quality of a sparse autoencoder in its model, with special tokens left out and with all
 * tokens: the massive activations of a first token can carry the numbers over all of them.
 *
 * @param features over the tokens that are not special
 * @param loss where special tokens keep their activations and predict nothing
 * @param featuresOverAll over all tokens
 * @param lossOverAll where all activations are replaced, over all predictions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeQuality(
    ReconstructionQuality features,
    LossRecovered loss,
    ReconstructionQuality featuresOverAll,
    LossRecovered lossOverAll) {}
