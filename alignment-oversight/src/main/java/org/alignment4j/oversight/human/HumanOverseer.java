package org.alignment4j.oversight.human;

import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.apiguardian.api.API;

/** A person, who can play every role and decide. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface HumanOverseer extends Agent, Judge {}
