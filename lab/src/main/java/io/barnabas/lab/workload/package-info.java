// SPDX-License-Identifier: Apache-2.0
/** Traffic that knows what it was promised, and the checks that hold a cluster to it. */
package io.barnabas.lab.workload;
