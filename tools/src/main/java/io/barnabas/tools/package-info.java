// SPDX-License-Identifier: Apache-2.0
/** What a person runs beside the brokers: the quick start's tour and the local cluster's status, on the stock client. */
package io.barnabas.tools;
