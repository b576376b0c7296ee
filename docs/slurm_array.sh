#!/usr/bin/env bash
#SBATCH --job-name=course
#SBATCH --array=1-20%8
#SBATCH --cpus-per-task=4
#SBATCH --mem=6G
#SBATCH --time=02:00:00
#SBATCH --requeue
# A class of any size on a Slurm cluster: twenty tasks, eight at once, each grades the share of the class that is its own.
#
#   sbatch docs/slurm_array.sh SUBMISSIONS FOLDER SECRET [more options of course grade]
#
# from a checkout that every node can read. FOLDER gets a folder of results for each share; SECRET is a file with the
# course's secret, the same for all. A task that is run again goes on where it stopped. At home:
#
#   python3 course.py grade SUBMISSIONS --secret SECRET --out graded/week1 --take FOLDER
set -uo pipefail
submissions="$1" folder="$2" secret="$3"
shift 3
${COURSE:-python3 course.py} grade "$submissions" --secret "$secret" "$@" \
    --out "$folder/share-$SLURM_ARRAY_TASK_ID" --share "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --workers "${SLURM_CPUS_PER_TASK:-1}"
code=$?
# 1 says that something waits for a person, which is told again at home.
[ "$code" -eq 1 ] && exit 0
exit "$code"
