// SPDX-License-Identifier: Apache-2.0
/** The comparison's workloads, a class each. */
package io.barnabas.lab.compare.workload;
