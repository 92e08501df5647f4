// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.List;
import org.apache.kafka.common.errors.ApiException;

/** Records a leader refuses: the whole batch with one error, and the records at fault (KIP-467). */
public final class InvalidRecordsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ApiException error;
    private final transient List<LogAppendInfo.RecordError> recordErrors;

    /**
     * @param error the error the producer is answered with: {@code INVALID_RECORD} or {@code INVALID_TIMESTAMP}
     * @param recordErrors the records at fault
     */
    public InvalidRecordsException(ApiException error, List<LogAppendInfo.RecordError> recordErrors) {
        super(error.getMessage(), error);
        this.error = error;
        this.recordErrors = List.copyOf(recordErrors);
    }

    /** The error the producer is answered with; its message is the response's error message. */
    public ApiException error() {
        return error;
    }

    /** What is wrong, by record. */
    public List<LogAppendInfo.RecordError> recordErrors() {
        return recordErrors;
    }
}
