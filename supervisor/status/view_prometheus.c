/* `status --prometheus`: one table row for each metric. */
#include <stdlib.h>

#include "metrics/metrics.h"
#include "view.h"

int
view_prometheus(FILE *out, const struct view *v)
{
	struct metrics_chain *chains = calloc(v->count + 1, sizeof(*chains));

	if (!chains)
		return -1;
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];
		const struct snapshot *s = c->snapshot;

		chains[i] = (struct metrics_chain){
		    .name = c->name,
		    .is_running = c->is_running,
		    .is_declared = c->is_declared,
		    .is_readable = !c->fault,
		    .chain = s ? &s->chain : NULL,
		    .tasks = s ? s->tasks : NULL,
		    .task_count = s ? s->task_count : 0,
		};
		for (size_t k = 0; k < c->refused_count; k++)
			chains[i].refused += c->refused[k].count;
	}
	metrics_write_info(out);
	metrics_write(out, chains, v->count);
	free(chains);
	return 0;
}
