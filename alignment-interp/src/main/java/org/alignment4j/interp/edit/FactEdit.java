package org.alignment4j.interp.edit;

import com.google.common.primitives.ImmutableDoubleArray;
import org.apiguardian.api.API;

/**
 * What was found for one fact. Immutable.
 *
 * @param id the fact
 * @param key the key that the edit maps, {@code [dMlp]}
 * @param value the value it is mapped to, bias included, {@code [dModel]}; in MEMIT the state after
 *     the last edited layer
 * @param losses the loss before each step of the search and at its end
 * @param likelihood mean negative log-probability of the answer with the value in place, in nats a
 *     token
 * @param divergence of the essence prompt's continuation with the value in place, in nats
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FactEdit(
    String id,
    ImmutableDoubleArray key,
    ImmutableDoubleArray value,
    ImmutableDoubleArray losses,
    double likelihood,
    double divergence) {}
