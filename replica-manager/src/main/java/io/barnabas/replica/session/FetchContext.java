// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** One fetch request within its session, or without one. */
public interface FetchContext {
    /** Why the request cannot be served: a session error; {@link Errors#NONE} otherwise. */
    Errors error();

    /** All partitions to read, those remembered included; topics whose id is unknown have a null name. */
    List<FetchCommand.Partition> partitions();

    /**
     * Turns what was read into what is told, and remembers it. To be called once, with a result per partition.
     */
    Answer answer(List<FetchResult> results);

    /**
     * What to answer.
     *
     * @param error the error of the response as a whole
     * @param sessionId the session to go on with, 0 for none
     * @param results the partitions to tell of
     */
    record Answer(Errors error, int sessionId, List<FetchResult> results) {}
}
