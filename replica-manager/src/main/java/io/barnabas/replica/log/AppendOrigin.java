// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Where records to append come from; it decides how strictly they are checked. */
public enum AppendOrigin {
    /** Fetched from the leader: appended verbatim, sequences followed but not enforced. */
    REPLICATION,
    /** A coordinator on this broker: producer sequences are not checked, control batches are allowed. */
    COORDINATOR,
    /** A producer: everything is checked, control batches are refused. */
    CLIENT
}
